import { adapterCases } from './cases/adapter-cases';
import { cnnFitCases } from './cases/cnn-fit-cases';
import { cnnGradientCases } from './cases/cnn-gradient-cases';
import { cnnLogitsCases } from './cases/cnn-logits-cases';
import { cnnProgressCases } from './cases/cnn-progress-cases';
import { cnnStepCases } from './cases/cnn-step-cases';
import { cnnWeightsCases } from './cases/cnn-weights-cases';
import { disposingCases } from './cases/disposing-cases';
import { fitCases } from './cases/fit-cases';
import { predictCases } from './cases/predict-cases';
import { progressCases } from './cases/progress-cases';
import { savingCases } from './cases/saving-cases';
import type { ClassifierContractCase } from './contract-case';

/** Everything that an adapter behind the contract must do, one behaviour a case. */
export const classifierContractCases: readonly ClassifierContractCase[] = [
  ...adapterCases,
  ...fitCases,
  ...predictCases,
  ...progressCases,
  ...savingCases,
  ...disposingCases,
  ...cnnWeightsCases,
  ...cnnLogitsCases,
  ...cnnStepCases,
  ...cnnGradientCases,
  ...cnnFitCases,
  ...cnnProgressCases,
];
