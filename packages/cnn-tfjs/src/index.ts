export { type CnnTfjsOptions, cnnTfjs, createCnnTfjs } from './create-cnn-tfjs';
