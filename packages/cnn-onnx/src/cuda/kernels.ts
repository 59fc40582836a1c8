/**
 * What stands between the products and convolutions of a step, in CUDA C++, compiled on the user's machine by NVRTC. ONNX
 * has no operator for these, and of several each would pass over the GPU's memory many times. Images are in batch,
 * channel, height, width order; one thread a value; indices have 32 bits, whose division is the faster one.
 */
export const KERNELS = `
#define INDEX (blockIdx.x * blockDim.x + threadIdx.x)
typedef unsigned char byte;
typedef unsigned int size;

/* planes[n,c,i,j] = pixels[n,i,j,c] * scale[c] + offset[c] */
extern "C" __global__ void normalise(
    const byte* pixels, float* planes, size count, size area,
    float scale0, float scale1, float scale2, float offset0, float offset1, float offset2) {
  size at = INDEX;
  if (at >= count) return;
  size place = at % area;
  size channel = (at / area) % 3;
  size image = at / area / 3;
  float scale = channel == 0 ? scale0 : channel == 1 ? scale1 : scale2;
  float offset = channel == 0 ? offset0 : channel == 1 ? offset1 : offset2;
  planes[at] = pixels[(image * area + place) * 3 + channel] * scale + offset;
}

/* Largest of each 2x2 square, bias, rectifier; notes which of the four it was, or 4 where the rectifier closed. */
extern "C" __global__ void pool_forward(
    const float* input, const float* bias, float* output, byte* chosen,
    size count, size channels, size height, size width) {
  size at = INDEX;
  if (at >= count) return;
  size rows = height / 2, columns = width / 2;
  size column = at % columns;
  size row = (at / columns) % rows;
  size plane = at / columns / rows;
  const float* corner = input + (plane * height + 2 * row) * width + 2 * column;
  float best = corner[0];
  int which = 0;
  if (corner[1] > best) { best = corner[1]; which = 1; }
  if (corner[width] > best) { best = corner[width]; which = 2; }
  if (corner[width + 1] > best) { best = corner[width + 1]; which = 3; }
  best += bias[plane % channels];
  output[at] = best > 0 ? best : 0;
  chosen[at] = best > 0 ? which : 4;
}

/*
 * The gradient goes to the chosen one of each square; one thread a square, those that the edge cuts among them. Written
 * twice: as images, unless that is null, and with channels first, [channel, image, height, width], as the product for the
 * kernel's gradient takes it.
 */
extern "C" __global__ void pool_backward(
    const float* gradient, const byte* chosen, float* images, float* channels_first,
    size count, size channels, size batch, size height, size width) {
  size at = INDEX;
  if (at >= count) return;
  size rows = (height + 1) / 2, columns = (width + 1) / 2;
  size column = at % columns;
  size row = (at / columns) % rows;
  size plane = at / columns / rows;
  bool whole = row < height / 2 && column < width / 2;
  size square = (plane * (height / 2) + row) * (width / 2) + column;
  float value = whole ? gradient[square] : 0;
  int which = whole ? chosen[square] : 4;
  size image = plane / channels;
  size channel = plane % channels;
  size turned = channel * batch + image;
  for (int p = 0; p < 2; p++) {
    for (int q = 0; q < 2; q++) {
      size i = 2 * row + p, j = 2 * column + q;
      if (i >= height || j >= width) continue;
      float here = which == 2 * p + q ? value : 0;
      if (images) images[(plane * height + i) * width + j] = here;
      channels_first[(turned * height + i) * width + j] = here;
    }
  }
}

/*
 * Sums of rows of input, one block a row; where chosen is given, without what the rectifier stopped. The sum of row
 * [image, channel] goes to [channel, image], so that a second pass adds the images up; rows stand alone where channels is 1.
 */
extern "C" __global__ void row_sums(
    const float* input, const byte* chosen, float* output, size area, size channels, size batch) {
  __shared__ float sums[256];
  size start = blockIdx.x * area;
  float sum = 0;
  for (size place = threadIdx.x; place < area; place += blockDim.x) {
    if (!chosen || chosen[start + place] != 4) sum += input[start + place];
  }
  sums[threadIdx.x] = sum;
  for (size half = blockDim.x / 2; half > 0; half /= 2) {
    __syncthreads();
    if (threadIdx.x < half) sums[threadIdx.x] += sums[threadIdx.x + half];
  }
  size image = blockIdx.x / channels, channel = blockIdx.x % channels;
  if (threadIdx.x == 0) output[channel * batch + image] = sums[0];
}

/*
 * columns[c,p,q,n,i,j] = input[n,c,i+p-1,j+q-1], zero outside: the neighbourhoods of a 3x3 kernel, one thread for the nine
 * of a value.
 */
extern "C" __global__ void neighbourhoods(
    const float* input, float* columns, size count, size channels, size batch, size height, size width) {
  size at = INDEX;
  if (at >= count) return;
  size j = at % width;
  size i = (at / width) % height;
  size image = (at / width / height) % batch;
  size channel = at / width / height / batch;
  size values = batch * height * width;
  const float* plane = input + (image * channels + channel) * height * width;
  float* column = columns + channel * 8 * values + at;
  for (int p = 0; p < 3; p++) {
    for (int q = 0; q < 3; q++) {
      /* Above the image or left of it, they wrap around and are too large. */
      size row = i + p - 1, place = j + q - 1;
      bool inside = row < height && place < width;
      column[(3 * p + q) * values] = inside ? plane[row * width + place] : 0;
    }
  }
}

/*
 * Adam (Kingma and Ba 2015) as PyTorch computes it. Its numbers are the rate, both betas and epsilon, with the corrections
 * worked into rate and epsilon.
 */
extern "C" __global__ void adam(
    float* weight, const float* gradient, float* mean, float* variance, size count, const float* numbers) {
  size at = INDEX;
  if (at >= count) return;
  float rate = numbers[0], beta1 = numbers[1], beta2 = numbers[2], epsilon = numbers[3];
  float g = gradient[at];
  float m = g + beta1 * (mean[at] - g);
  float v = g * g + beta2 * (variance[at] - g * g);
  mean[at] = m;
  variance[at] = v;
  weight[at] -= rate * m / (sqrtf(v) + epsilon);
}
`;

/** Names of the kernels. */
export const KERNEL_NAMES = [
  'normalise',
  'pool_forward',
  'pool_backward',
  'row_sums',
  'neighbourhoods',
  'adam',
] as const;

export type KernelName = (typeof KERNEL_NAMES)[number];
