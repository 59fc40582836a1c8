#!/bin/sh
# A study on machines that are reached by ssh and share this folder: over-ssh.sh node1,node2 SEEDS OUT [options of dlcmp bench]
# GNU parallel keeps one block at a time on each machine, and runs one that fails again, on another machine if it can.
set -eu
machines=$1 seeds=$2 out=$3
shift 3
dlcmp=${DLCMP:-dlcmp}
# A shell on each machine reads the options once more.
options=$([ $# -eq 0 ] || parallel --keep-order --shellquote ::: "$@" | tr '\n' ' ')
parallel --sshlogin "$machines" --jobs 1 --retries 3 --workdir . --joblog "$out.log" \
  "$dlcmp" bench --seeds "$seeds" --shard "{}/$seeds" --no-report --quiet "$options" \
  --out "$out-parts/{}/{#}-\$(hostname)-\$\$" ::: $(seq "$seeds")
"$dlcmp" merge "$out"-parts/*/* --out "$out"
