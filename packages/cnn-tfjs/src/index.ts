export { type CnnTfjsOptions, cnnTfjs, createCnnTfjs } from './adapter';
