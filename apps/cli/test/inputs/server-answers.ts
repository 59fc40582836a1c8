import type { ServerResponse } from 'node:http';

/** One answer that a server may give where an archive is asked for. */
export interface ServerAnswer {
  readonly name: string;
  readonly answer: (response: ServerResponse) => void;
  readonly refused: RegExp;
}

const status = (code: number, refused: RegExp, headers = {}): ServerAnswer => ({
  name: `${code}`,
  answer: (response) => response.writeHead(code, headers).end(),
  refused,
});

const content = (name: string, body: string, refused: RegExp): ServerAnswer => ({
  name,
  answer: (response) => response.writeHead(200).end(body),
  refused,
});

const redirect = (location: string, refused: RegExp): ServerAnswer => ({
  name: `a redirect to ${location}`,
  answer: (response) => response.writeHead(302, { location }).end(),
  refused,
});

const ACCOUNT = /KAGGLE_USERNAME and KAGGLE_KEY.*--from/;

/** Answers after which asking again does not help. */
export const SERVER_ANSWERS: readonly ServerAnswer[] = [
  status(204, /empty \(0 bytes\).*--from/),
  status(400, /answered 400.*Check the address.*--from/),
  status(401, ACCOUNT),
  status(403, ACCOUNT),
  status(404, /answered 404.*Check the address.*--url/),
  status(410, /answered 410.*Check the address/),
  status(429, /too many requests.*after 60/, { 'retry-after': '60' }),
  status(302, /answered 302.*Check the address/),
  content(
    'a page to sign in',
    '<!doctype html><title>Sign in</title>',
    /web page \(HTML\), "Sign in".*--from/,
  ),
  content('an error in JSON', '{"code":403}', ACCOUNT),
  content('another kind of archive', '\x1f\x8b\x08', /gzip archive|something else/),
  content('nothing', '', /empty \(0 bytes\)/),
  redirect('http://[::1', /redirects to "http:\/\/\[::1", which is no address/),
  redirect('file:///etc/passwd', /file: is not of the web/),
  redirect('/again', /redirects more than 10 times/),
];
