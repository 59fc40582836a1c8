import { assertArgument, DlcmpError } from '../errors';
import { find } from './describe-input';
import { type Activation, assertImageModel, type ImageModel } from './image-model';
import {
  describeTensor,
  type ImageModelOptions,
  type ModelInterface,
  type ModelOutput,
  type ModelSources,
} from './model-interface';
import { assertFiniteOutput } from './read-answers';

/** What a model's output means. */
export interface DescribedAnswers
  extends Pick<ImageModel, 'output' | 'activation' | 'labels' | 'classNames'> {
  readonly sources: ModelSources;
}

/** What a model put out for some images. */
export interface TrialOutput {
  /** Row-major [rows × columns]. */
  readonly data: Float32Array;
  readonly columns: number;
}

/**
 * The output that holds the answers: the one that is asked for, or the only one of floats, a row an image.
 *
 * @throws `INVALID_ARGUMENT` where several may and none is named; `INVALID_FILE` where none can
 */
export function chooseOutput(model: ModelInterface, option?: string): ModelOutput {
  const { path, outputs } = model;
  const listed = outputs.map(describeTensor).join(', ');
  const told = find(model, 'output', option);
  if (told) {
    const named = outputs.find(({ name }) => name === told.value);
    assertArgument(
      named !== undefined,
      `${path} has no output "${told.value}", but ${listed}: give one of these as output, or leave it out.`,
    );
    return named;
  }
  const possible = outputs.filter(isRows);
  const [only, ...others] = possible;
  if (!only) {
    throw new DlcmpError(
      'INVALID_FILE',
      `${path} is no classifier: it puts out ${listed}, but a row of floats an image is needed. Export the classifier with its last layer; of skl2onnx with options={'zipmap': False}.`,
    );
  }
  assertArgument(
    others.length === 0,
    `${path} puts out ${listed}, and does not say which are the answers: give output, one of ${possible.map(({ name }) => name).join(', ')}; on the command line --output-name.`,
  );
  return only;
}

/** Whether numbers of this type can be answers. */
export function isFloat(type: string): boolean {
  return type === 'float32' || type === 'float16' || type === 'float64';
}

function isRows({ type, shape }: ModelOutput): boolean {
  const [, columns, ...rest] = shape;
  return (
    isFloat(type) && columns !== 0 && rest.every((length) => length === 1 || length === undefined)
  );
}

/**
 * What the output means: from `options`, then from the model's files, and so that `trial`, its output for some images, bears it out.
 *
 * @throws `INVALID_ARGUMENT` naming the option that is missing or does not fit; `INVALID_FILE` where the model tells a choice alone;
 *   `DIVERGED` where probabilities of the trial are not finite
 */
export function describeAnswers(
  model: ModelInterface,
  output: ModelOutput,
  options: ImageModelOptions,
  trial: TrialOutput,
): DescribedAnswers {
  assertAnswersEachClass(model, output);
  const activation = activationOf(model, output, options);
  assertActivation(model, output, activation.value, trial);
  const labels = labelsOf(model, output, options, activation.value, trial);
  assertTrial(model, activation.value, labels.value, trial);
  const classNames = classNamesOf(model, options, labels.value, trial.columns);
  assertImageModel({ classNames: classNames.value });
  return {
    output: output.name,
    activation: activation.value,
    labels: labels.value,
    classNames: classNames.value,
    sources: {
      output: find(model, 'output', options.output)?.source ?? 'the file',
      activation: activation.source,
      labels: labels.source,
      classNames: classNames.source,
    },
  };
}

function activationOf(model: ModelInterface, output: ModelOutput, options: ImageModelOptions) {
  const told = find(model, 'activation', options.activation);
  if (told) assertImageModel({ activation: told.value });
  const { endsWith } = output;
  if (endsWith === 'softmax' || endsWith === 'sigmoid') {
    const isRepeated = told?.source === 'the options' && told.value !== 'none';
    assertArgument(
      !isRepeated,
      `${model.path} ends with ${endsWith} already, and ${told?.value} over it would answer other probabilities: leave activation out.`,
    );
    return { value: 'none' as Activation, source: 'the file' };
  }
  assertArgument(
    told !== undefined,
    `${model.path} ${endsWith === 'scores' ? 'ends with scores' : `does not say what its output "${output.name}" holds`}: give activation, softmax where one class is right for an image, sigmoid where any number of labels may be or one column is a score${endsWith === 'scores' ? '' : ', none where they are probabilities'}; on the command line --activation.`,
  );
  return told;
}

function assertActivation(
  { path }: ModelInterface,
  output: ModelOutput,
  activation: Activation,
  { data, columns }: TrialOutput,
): void {
  assertArgument(
    columns > 1 || activation !== 'softmax',
    `${path} answers one column, of which softmax makes 1 for every image: give activation sigmoid, or none where it is a probability.`,
  );
  assertArgument(
    columns > 1 || output.endsWith !== 'softmax',
    `${path} ends with a softmax of one column, which is 1 for every image. Export it with a sigmoid.`,
  );
  if (columns === 1 || activation === 'none') return;
  const row = data.subarray(0, columns);
  const isOfOneSign = row.every((value) => value >= 0);
  assertArgument(
    !isOfOneSign || Math.abs(sumOf(row) - 1) > 1e-4,
    `${path} answers a row that sums to 1 for a grey image, of numbers from 0 to 1: these are probabilities already, and ${activation} over them would answer others. Give activation none.`,
  );
  assertArgument(
    !isOfOneSign || Math.abs(sumOf(row) - 100) > 1e-2,
    `${path} answers a row that sums to 100 for a grey image: these are probabilities in percent. Export it without the factor of 100, and give activation none.`,
  );
  assertArgument(
    activation !== 'sigmoid' || !areLogarithms(row),
    `${path} answers logarithms of probabilities that sum to 1 for a grey image (log-softmax): give activation softmax, which makes probabilities of them.`,
  );
}

/** Whether the row is a log-softmax. */
function areLogarithms(row: Float32Array): boolean {
  return row.every((value) => value <= 0) && Math.abs(sumOf(row.map(Math.exp)) - 1) < 1e-4;
}

/** Throws `INVALID_FILE` where the graph throws away what it knew of the classes. */
function assertAnswersEachClass({ path }: ModelInterface, { name, endsWith }: ModelOutput): void {
  if (endsWith !== 'a choice') return;
  throw new DlcmpError(
    'INVALID_FILE',
    `${path} chooses among classes: its output "${name}" comes from ArgMax or TopK, and what it thinks of the others is lost. Export the classifier with the scores of all classes.`,
  );
}

function labelsOf(
  model: ModelInterface,
  { endsWith }: ModelOutput,
  options: ImageModelOptions,
  activation: Activation,
  { columns }: TrialOutput,
) {
  const told = find(model, 'labels', options.labels);
  if (told) assertImageModel({ labels: told.value });
  assertArgument(
    told?.value !== 'several' || activation !== 'softmax',
    `${model.path}: softmax makes one class of all; with labels several give activation sigmoid or none.`,
  );
  if (told) return told;
  const isSigmoid = activation === 'sigmoid' || endsWith === 'sigmoid';
  const value: ImageModel['labels'] = isSigmoid && columns > 1 ? 'several' : 'one';
  return { value, source: activation === 'none' && !endsWith ? 'default' : 'the activation' };
}

function sumOf(row: Float32Array): number {
  return row.reduce((total, value) => total + value, 0);
}

const SUM_TOLERANCE = 1e-2;

function assertTrial(
  { path }: ModelInterface,
  activation: Activation,
  labels: ImageModel['labels'],
  { data, columns }: TrialOutput,
): void {
  if (activation !== 'none') return;
  assertFiniteOutput(data);
  const row = data.subarray(0, columns);
  const outside = row.find((value) => !(value >= -1e-6 && value <= 1 + SUM_TOLERANCE));
  assertArgument(
    outside === undefined,
    `${path} answers ${outside} for a grey image, which is no probability: give activation softmax, or sigmoid, where its output holds scores.`,
  );
  const sum = sumOf(row);
  assertArgument(
    labels === 'several' || columns === 1 || Math.abs(sum - 1) < SUM_TOLERANCE,
    `${path} answers a row that sums to ${sum.toPrecision(4)}, not to 1: give labels several where any number of them may be right, or another activation or output.`,
  );
}

function classNamesOf(
  model: ModelInterface,
  options: ImageModelOptions,
  labels: ImageModel['labels'],
  columns: number,
) {
  const isBinary = columns === 1 && labels === 'one';
  const count = isBinary ? 2 : columns;
  const told = find(model, 'classNames', options.classNames);
  assertArgument(
    told === undefined || told.value.length === count,
    `${model.path} tells ${count} classes apart, but classNames ${told?.source === 'the options' ? 'has' : `in ${told?.source} has`} ${told?.value.length}: give a name for each${isBinary ? ', of what its column is not and of what it is' : ''}.`,
  );
  const names = Array.from({ length: count }, (_, index) => `class ${index}`);
  return told ?? { value: names, source: 'default' };
}
