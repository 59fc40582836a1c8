import { Option } from 'commander';
import { assignments, nameList } from './parse-values';

/** `--adapters`, by default `names`. */
export function adaptersOption(names: readonly string[]): Option {
  return new Option('--adapters <LIST>', 'who takes part')
    .argParser(nameList)
    .default([...names], names.join(','));
}

/** `--backend`, by default none named. */
export function backendOption(): Option {
  return new Option(
    '--backend <ADAPTER=BACKEND,…>',
    'backend of each adapter, e.g. onnx=graph,tfjs=auto',
  )
    .argParser(assignments)
    .default({}, 'the first that can run here');
}
