/**
 * What desktops, network drives and archives leave beside images, in lower case: Windows' thumbnails
 * and folder settings, macOS's resource forks and icons, Synology's thumbnails, recycle bins.
 */
const DESKTOP_NAMES = new Set([
  ...['thumbs.db', 'ehthumbs.db', 'ehthumbs_vista.db', 'desktop.ini', 'picasa.ini'],
  ...['zbthumbnail.info', 'icon\r', '__macosx', '@eadir', '#recycle', '$recycle.bin'],
  ...['system volume information', 'lost+found', 'network trash folder', 'temporary items'],
]);

/** Whether a file or folder of this name is passed over: hidden, or left by a desktop. */
export function isPassedOver(name: string): boolean {
  return name.startsWith('.') || DESKTOP_NAMES.has(name.toLowerCase());
}
