/** A float64 parameter of a layer, with the gradient gathered since it was last cleared. */
export interface Parameter {
  readonly value: Float64Array;
  readonly gradient: Float64Array;
}

/**
 * One layer, for one image at a time: volumes are [channels × height × width], row-major. A layer
 * remembers what its latest `forward` saw.
 */
export interface Layer {
  forward(input: Float64Array): Float64Array;
  /** Adds to the parameters' gradients; returns the gradient by the latest input. */
  backward(outputGradient: Float64Array): Float64Array;
}

/** Size of a volume. */
export interface VolumeShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}
