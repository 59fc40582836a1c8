import { type Agent, request } from 'node:http';

/** Posts an image and waits for the whole answer. @throws where it is not answered with 200 */
export function postImage(url: string, image: Uint8Array, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'image/jpeg', 'content-length': image.length };
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`It was answered with status ${response.statusCode}.`));
      });
      response.resume();
    });
    sent.on('error', reject);
    sent.end(image);
  });
}
