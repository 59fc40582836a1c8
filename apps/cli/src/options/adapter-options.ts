import { Option } from 'commander';
import { nameList } from './parse-values';

const FORM = 'who takes part, each as ADAPTER[:ENGINE][@DEVICE], e.g. onnx:graph,onnx:graph@cuda';

/** `--contenders`, with what is said of its default. */
export function contendersOption(standard: string): Option {
  return new Option('--contenders <LIST>', `${FORM} (default: ${standard})`).argParser(nameList);
}

/** `--adapters`, the short form of `--contenders` for whole adapters. */
export function adaptersOption(): Option {
  return new Option('--adapters <LIST>', 'the same, for short: adapters with their first engines')
    .argParser(nameList)
    .conflicts('contenders');
}
