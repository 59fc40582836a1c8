import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { picture } from './image-kinds';

/** One way in which people lay out a folder. */
export interface Layout {
  readonly name: string;
  /** Options that it is opened with. */
  readonly options?: readonly string[];
  /** Images: 6 of each class and split unless named. */
  readonly images: readonly string[];
  /** Whatever else is made in its folder. */
  readonly make?: (root: string) => Promise<unknown>;
  /** Training and test images that are found. */
  readonly counts?: readonly [number, number];
  /** What errors say, where it is refused. */
  readonly refused?: RegExp;
}

/** `count` images of cats and dogs in each of `folders`. */
const pets = (count: number, ...folders: readonly string[]) =>
  folders.flatMap((folder) =>
    ['cat', 'dog'].flatMap((name) =>
      Array.from({ length: count }, (_, index) => join(folder, name, `${index}.png`)),
    ),
  );
const splits = (train: string, test: string) => [...pets(3, train), ...pets(2, test)];
const sound = (name: string, images: readonly string[], ...options: readonly string[]): Layout => ({
  name,
  images,
  options,
  counts: [6, 4],
});

const SOUND: readonly Layout[] = [
  ...[
    ['train', 'test'],
    ['Train', 'Test'],
    ['TRAIN', 'TEST'],
    ['Training', 'Testing'],
    ['train', 'val'],
    ['train', 'valid'],
    ['train', 'validation'],
    ['training_set', 'test_set'],
    ['Training Set', 'Validation Set'],
    ['seg_train', 'seg_test'],
    ['seg_train/seg_train', 'seg_test/seg_test'],
    ['wrapper/train', 'wrapper/test'],
    ['archive/chest_xray/train', 'archive/chest_xray/val'],
  ].map(([train = '', test = '']) => sound(`${train} and ${test}`, splits(train, test))),
  sound(
    'named by options',
    splits('learn', 'exam'),
    '--train-folder',
    'learn',
    '--test-folder',
    'exam',
  ),
  sound('half named by options', splits('learn', 'test'), '--train-folder', 'learn'),
  { ...sound('classes at the root', pets(5, '.')), counts: [8, 2] },
  { ...sound('classes in a wrapper', pets(5, 'PetImages')), counts: [8, 2] },
  { ...sound('a share held back', pets(4, 'train'), '--split', '0.25'), counts: [6, 2] },
  {
    ...sound('what desktops leave', splits('train', 'test')),
    make: async (root) => {
      for (const name of [
        'thumbs.db',
        'train/THUMBS.DB',
        'test/cat/Desktop.ini',
        'train/dog/.DS_Store',
      ]) {
        await writeFile(join(root, name), 'x');
      }
      await mkdir(join(root, 'train', '__MACOSX', 'cat'), { recursive: true });
    },
  },
  sound('names in NFC and NFD', [
    ...splits('train', 'test').map((path) =>
      path.replace('cat', path.startsWith('train') ? 'chat\u00e9' : 'chate\u0301'),
    ),
  ]),
];

const REFUSED: readonly Layout[] = [
  {
    name: 'unknown names',
    images: splits('learn', 'exam'),
    refused: /exam \(cat, dog\), learn \(cat, dog\).*--train-folder/,
  },
  { name: 'no test', images: pets(2, 'train'), refused: /no test split.*--test-folder.*--split/ },
  { name: 'no train', images: pets(2, 'test'), refused: /no train split.*--train-folder/ },
  {
    name: 'images of no class',
    images: ['1.png', '2.png'],
    refused: /holds 2 images.*the images of one class/,
  },
  {
    name: 'splits without classes',
    images: ['train/1.png', 'test/2.png'],
    refused: /train has no class folders, only an image of no class/,
  },
  {
    name: 'parts without classes',
    images: ['train_images/1.png', 'test_images/2.png'],
    refused: /train_images \(1 image\)/,
  },
  { name: 'empty', images: [], refused: /It is empty/ },
  {
    name: 'text alone',
    images: [],
    make: (root) => writeFile(join(root, 'readme.txt'), 'x'),
    refused: /the file readme\.txt/,
  },
  {
    name: 'a zip that is not unpacked',
    images: [],
    make: (root) => writeFile(join(root, 'pets.zip'), 'x'),
    refused: /pets\.zip.*data download --from/,
  },
  {
    name: 'too deep',
    images: ['a/b/c/d/e/cat/1.png', 'a/b/c/d/e/dog/2.png'],
    refused: /holds the folder a \(b\)/,
  },
  {
    name: 'classes first',
    images: ['cat/train/1.png', 'cat/test/2.png', 'dog/train/3.png', 'dog/test/4.png'],
    refused: /cat \(test, train\)/,
  },
  { name: 'one class', images: ['train/cat/1.png', 'test/cat/2.png'], refused: /class/ },
  {
    name: 'a class of one image',
    images: ['cat/1.png', 'cat/2.png', 'dog/3.png'],
    refused: /dog holds one image/,
  },
  {
    name: 'a class without images',
    images: splits('train', 'test'),
    make: (root) => mkdir(join(root, 'train', 'eel')),
    refused: /eel holds no images/,
  },
  {
    name: 'a class in one split',
    images: [...splits('train', 'test'), 'train/eel/1.png'],
    refused: /eel is a class that .*test does not have/,
  },
  {
    name: 'a class in another case',
    images: [...splits('train', 'test'), 'train/Eel/1.png', 'test/eel/2.png'],
    refused: /it has "eel", whose name differs in letter case/,
  },
  {
    name: 'a folder in a class',
    images: [...splits('train', 'test'), 'train/cat/more/1.png'],
    refused: /more is a folder inside a class/,
  },
  {
    name: 'a broken link',
    images: splits('train', 'test'),
    make: (root) => symlink(join(root, 'gone'), join(root, 'train', 'cat', 'link.png')),
    refused: /link\.png is a symbolic link to nothing/,
  },
  {
    name: 'a link in a circle',
    images: splits('train', 'test'),
    make: (root) => symlink(join(root, 'train'), join(root, 'train', 'cat', 'loop'), 'junction'),
    refused: /loop is a symbolic link back to/,
  },
  {
    name: 'a folder that options misspell',
    images: splits('learn', 'exam'),
    options: ['--train-folder', 'lern', '--test-folder', 'exam'],
    refused: /lern, which --train-folder names.*learn \(cat, dog\)/,
  },
];

/** Every layout. */
export const LAYOUTS: readonly Layout[] = [...SOUND, ...REFUSED];

/** Makes a layout's folder. */
export async function makeLayout(root: string, { images, make }: Layout): Promise<void> {
  await mkdir(root, { recursive: true });
  for (const [index, name] of images.entries()) {
    const path = join(root, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(
      path,
      await picture(index, 24, 20 + index)
        .png()
        .toBuffer(),
    );
  }
  await make?.(root);
}
