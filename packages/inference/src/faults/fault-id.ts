/** What commonly goes wrong between a model and its user. */
export type FaultId =
  | 'channels-swapped'
  | 'mean-left-out'
  | 'normalised-twice'
  | 'other-range'
  | 'other-resize'
  | 'other-crop'
  | 'layout-misread'
  | 'softmax-twice'
  | 'other-activation'
  | 'other-output'
  | 'class-names-shuffled'
  | 'exif-ignored';
