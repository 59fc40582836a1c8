/** The program of the image: `node server.mjs MODEL` answers a POST of an image file, at HOST (default 127.0.0.1) and PORT (8080). */
import { openServing, serveHttp } from '@dlcmp/serving';

const { HOST: host = '127.0.0.1', PORT: port = '8080' } = process.env;
const serving = await openServing(process.argv[2], { maxQueue: 64 });
const server = await serveHttp(serving, { host, port: Number(port) });
console.log(`Listening: ${server.url}`);

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    await server.close();
    await serving.close();
  });
}
