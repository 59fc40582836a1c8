export { default } from '../../tooling/jest.base.mjs';
