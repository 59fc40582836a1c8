import { describeMachine, type MachineSummary } from '@dlcmp/bench-core';
import { type BackendProbe, isDlcmpError } from '@dlcmp/contract';
import { imageLibraries } from '@dlcmp/data';
import type { Command } from 'commander';
import { ADAPTER_NAMES, findAdapter } from '../adapter-registry';
import { describeCuda } from '../cuda/describe-cuda';
import { machineAdvice, machineTraits } from '../deployment/machine-advice';
import { EXIT } from '../exit-codes';
import { findPeers } from '../peer-registry';
import { DATA_DIRECTORY, describeData } from '../prepare/choose-dataset';

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .summary('what can run here, and what to do about what cannot')
    .description(
      'Shows the machine, what of it stands in the way of native libraries (musl, an Intel Mac, install scripts forbidden), the libraries that decode images, every adapter with its backends and versions, and the data set that bench would use. Exits 1 where images cannot be decoded, or an adapter in Node.js has no backend that can run; peers are extra.',
    )
    .addHelpText('after', '\nExample:\n  $ dlcmp doctor\n')
    .action(async () => {
      process.exitCode = await doctor();
    });
}

async function doctor(): Promise<number> {
  print(describe(await describeMachine()));
  for (const line of machineAdvice(machineTraits())) print(`! ${line}`);
  for (const line of await describeCuda()) print(line);
  let allCanRun = await examineImages();
  for (const name of ADAPTER_NAMES) allCanRun = (await examine(name)) && allCanRun;
  print('\nPeers, in other languages (docs/peer-protocol.md):');
  // To look must not download: what uv has not fetched yet is reported as missing.
  process.env.UV_OFFLINE = '1';
  for (const { id } of await findPeers()) await examine(id);
  print(`\ndata: ${await describeData()} (looked in ${DATA_DIRECTORY}/)`);
  return allCanRun ? EXIT.success : EXIT.failure;
}

/** Prints what decodes images; whether it can. */
async function examineImages(): Promise<boolean> {
  try {
    const { sharp, libvips } = await imageLibraries();
    print(`\nimages: decoded by sharp ${sharp} (libvips ${libvips})`);
    return true;
  } catch (error) {
    if (!isDlcmpError(error)) throw error;
    print(`\nimages: ✗ ${error.message}`);
    return false;
  }
}

/** Prints an adapter with its backends; whether one of them can run. */
async function examine(name: string): Promise<boolean> {
  const { adapter } = await findAdapter(name);
  const probes = await adapter.probe();
  print(`\n${name}: ${adapter.displayName} (${adapter.id})`);
  for (const probe of probes) print(`  ${backendLine(probe)}`);
  return probes.some(({ available }) => available);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function describe(machine: MachineSummary): string {
  const gibibytes = (machine.memoryBytes / 2 ** 30).toFixed(1);
  return [
    `machine: ${machine.cpuModel}, ${machine.coresAllowed} cores allowed, ${gibibytes} GiB`,
    `  ${machine.os}, Node.js ${machine.nodeVersion}`,
    `  vector extensions: ${machine.cpuFlags.join(' ') || 'none known'}`,
    `  GPU: ${machine.gpus.join(', ') || 'none found'}`,
  ].join('\n');
}

function backendLine(probe: BackendProbe): string {
  if (!probe.available) {
    const remedy = probe.remedy ? ` ${probe.remedy}` : '';
    return `✗ ${probe.name}: ${probe.reason}${remedy}`;
  }
  const versions = Object.entries(probe.versions).map(([name, version]) => `${name} ${version}`);
  return `✓ ${probe.name} on ${probe.device} (${versions.join(', ')})`;
}
