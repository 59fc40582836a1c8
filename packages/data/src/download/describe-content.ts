interface Kind {
  readonly name: string;
  matches(beginning: Buffer): boolean;
}

const beginsWith =
  (text: string, offset = 0) =>
  (bytes: Buffer) =>
    bytes.toString('latin1', offset, offset + text.length) === text;

/** By their first bytes: the formats' own specifications, and what WHATWG's MIME sniffing takes for HTML. */
const KINDS: readonly Kind[] = [
  {
    name: 'a web page (HTML)',
    matches: (bytes) =>
      /^\s*<(!doctype|!--|html|head|body|script|title)/i.test(bytes.toString('latin1')),
  },
  { name: 'an XML document', matches: (bytes) => /^\s*<\?xml/.test(bytes.toString('latin1')) },
  { name: 'a JSON document', matches: (bytes) => /^\s*[{[]/.test(bytes.toString('latin1')) },
  { name: 'a gzip archive', matches: beginsWith('\x1f\x8b') },
  { name: 'a bzip2 archive', matches: beginsWith('BZh') },
  { name: 'an xz archive', matches: beginsWith('\xfd7zXZ\0') },
  { name: 'a Zstandard archive', matches: beginsWith('\x28\xb5\x2f\xfd') },
  { name: 'a 7-Zip archive', matches: beginsWith('7z\xbc\xaf\x27\x1c') },
  { name: 'a RAR archive', matches: beginsWith('Rar!\x1a\x07') },
  { name: 'a tar archive', matches: beginsWith('ustar', 257) },
];

/** Bytes that {@link describeContent} looks at. */
export const BEGINNING_BYTES = 1024;

/** Bytes that {@link beginsAsZip} needs. */
export const ZIP_MARK_BYTES = 4;

/** Whether bytes begin as a zip archive does (APPNOTE 4.3: a local header, an empty archive, a part). */
export function beginsAsZip(beginning: Buffer): boolean {
  return ['PK\x03\x04', 'PK\x05\x06', 'PK\x07\x08'].some((mark) => beginsWith(mark)(beginning));
}

/** What bytes that are no zip archive seem to be, in words; undefined where nothing is known. */
export function describeContent(beginning: Buffer): string | undefined {
  if (beginning.length === 0) return 'empty (0 bytes)';
  return KINDS.find((kind) => kind.matches(beginning))?.name;
}

/** The title of a page or the text of a document, for a message: one line, shortened; empty where there is none. */
export function excerptOf(beginning: Buffer): string {
  const text = beginning.toString('utf8');
  const title = /<title[^>]*>([^<]*)/i.exec(text)?.[1] ?? (/^\s*[{[]/.test(text) ? text : '');
  const line = title.replace(/[\p{C}\s]+/gu, ' ').trim();
  return line.length > 100 ? `${line.slice(0, 100)}…` : line;
}
