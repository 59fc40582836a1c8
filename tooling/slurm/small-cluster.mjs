import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const NODES = ['node1', 'node2'];

/**
 * A Slurm cluster on loopback: one slurmctld, two slurmd, a munged, each with its files in one temporary folder. As root; needs
 * neither cgroups nor a database.
 */
export async function startCluster() {
  const folder = mkdtempSync(join(tmpdir(), 'dlcmp-slurm-'));
  const ports = await freePorts(3);
  const conf = writeConfiguration(folder, ports);
  const env = { ...process.env, SLURM_CONF: conf };
  const daemons = new Map();
  const start = (name, command, args) => {
    const child = spawn(command, args, { env, stdio: 'ignore' });
    child.once('error', (error) => console.error(`${command}: ${error.message}`));
    daemons.set(name, child);
  };
  const key = join(folder, 'munge.key');
  writeFileSync(key, randomBytes(128), { mode: 0o400 });
  const munge = ['pid-file', 'log-file', 'seed-file'].map((n) => `--${n}=${folder}/munge.${n}`);
  start('munged', 'munged', [
    '--foreground',
    '--force',
    `--key-file=${key}`,
    `--socket=${folder}/munge.socket`,
    ...munge,
  ]);
  await pause(500);
  start('slurmctld', 'slurmctld', ['-D', '-f', conf]);
  const startNode = (name) => start(name, 'slurmd', ['-D', '-N', name, '-f', conf]);
  for (const name of NODES) startNode(name);
  return {
    env,
    startNode,
    /** As a machine that loses power: the daemon, what it runs, and all below, at once. */
    killNode(name) {
      const victims = [daemons.get(name).pid, ...processesOn(conf, name)];
      for (const pid of victims) kill(pid);
      return victims.length;
    },
    stop() {
      for (const pid of NODES.flatMap((name) => processesOn(conf, name))) kill(pid);
      for (const child of daemons.values()) child.kill('SIGKILL');
    },
  };
}

function writeConfiguration(folder, [controller, ...nodes]) {
  const conf = join(folder, 'slurm.conf');
  for (const name of ['state', ...NODES]) mkdirSync(join(folder, name));
  const lines = [
    'ClusterName=dlcmp',
    'SlurmctldHost=localhost',
    `SlurmctldPort=${controller}`,
    'SlurmUser=root',
    // A requeued task waits until credentials of its first run have expired, five seconds at least.
    `AuthInfo=socket=${folder}/munge.socket,cred_expire=5`,
    'ProctrackType=proctrack/linuxproc',
    'TaskPlugin=task/none',
    'SelectType=select/cons_tres',
    'MpiDefault=none',
    'ReturnToService=2',
    'SlurmdTimeout=4',
    'SlurmctldParameters=node_reg_mem_percent=1',
    'SchedulerParameters=sched_interval=2,batch_sched_delay=0,bf_interval=2',
    `StateSaveLocation=${folder}/state`,
    `SlurmdSpoolDir=${folder}/%n`,
    `SlurmctldPidFile=${folder}/slurmctld.pid`,
    `SlurmctldLogFile=${folder}/slurmctld.log`,
    `SlurmdPidFile=${folder}/%n.pid`,
    `SlurmdLogFile=${folder}/%n.log`,
    ...NODES.map((name, at) => `NodeName=${name} NodeHostname=localhost Port=${nodes[at]} CPUs=1`),
    'PartitionName=all Nodes=ALL Default=YES State=UP',
  ];
  writeFileSync(conf, `${lines.join('\n')}\n`);
  return conf;
}

async function freePorts(count) {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const server = createServer();
      return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
    }),
  );
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Tasks of this cluster's node, by their environment, and the slurmstepd above them. */
function processesOn(conf, node) {
  const own = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isOn(name, conf, node));
  const parents = own.map(parentOf).filter((pid) => /^slurmstepd/.test(nameOf(pid)));
  return [...new Set([...parents, ...own])].map(Number);
}

function isOn(pid, conf, node) {
  const environment = read(`/proc/${pid}/environ`).split('\0');
  return (
    environment.includes(`SLURM_CONF=${conf}`) && environment.includes(`SLURMD_NODENAME=${node}`)
  );
}

function parentOf(pid) {
  return /^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? '';
}

function nameOf(pid) {
  return read(`/proc/${pid}/comm`);
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
