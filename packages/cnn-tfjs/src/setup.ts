export { SETUP_COMMAND } from './backends/tensorflow/library/find-library';
