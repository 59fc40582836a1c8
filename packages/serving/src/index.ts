export { type ClassProbability, mostProbable } from './http/most-probable';
export {
  createRequestHandler,
  type RequestHandler,
  type RequestHandlerOptions,
} from './http/request-handler';
export { type HttpServer, type ServeHttpOptions, serveHttp } from './http/serve-http';
export { type InProcessOptions, openInProcess } from './open-in-process';
export { openServing } from './open-serving';
export type { ImageAnswering, RequestOptions, Serving } from './serving';
export type { ServedModel, ServingOptions, ServingSettings } from './serving-options';
export type { ServingStats } from './serving-stats';
export type { OpenedModel } from './workers/messages';
