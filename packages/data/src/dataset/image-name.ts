/** Name endings of images, of formats that are read and of those that are refused by name. */
const IMAGE_NAME =
  /\.(jpe?g|jpe|jfif|png|apng|webp|gif|tiff?|bmp|dib|avif|hei[cf]|jxl|jp2|svg|ppm|pgm|tga)$/i;

/** Whether a file of this name seems to be an image; its content alone decides whether it is one. */
export function isImageName(name: string): boolean {
  return IMAGE_NAME.test(name);
}
