"""Batches for a GPU in PyTorch: cut on it where all images fit, else made by a thread in memory that it copies from."""

import os

import numpy as np
import torch
from dlcmp_peer import Batch, planned_batches, read_labels, read_pixels
from prefetch import prefetch

# Of the memory that is free, so that activations have room.
LARGEST_SHARE = 0.25
IMAGES_AT_ONCE = 512
# Batches that are cut together: launching a few kernels for each would hold small steps up.
BATCHES_AT_ONCE = 16


class GpuBatches:
    """Keeps the images of one file on the GPU from epoch to epoch."""

    def __init__(self, device):
        self.device, self.file, self.images = device, None, None

    def of(self, params, spec):
        pixels = read_pixels(params["pixels"], spec)
        if self.file == identity(params["pixels"], pixels) or self.fits(pixels):
            return self.cut(params, self.resident(params["pixels"], pixels))
        return prefetch(map(pinned, planned_batches(params, spec)))

    def fits(self, pixels):
        self.file, self.images = None, None
        free, _ = torch.cuda.mem_get_info(self.device)
        return pixels.nbytes < LARGEST_SHARE * free

    def resident(self, source, pixels):
        file = identity(source, pixels)
        if self.file != file:
            kind = getattr(torch, pixels.dtype.name)
            self.images = torch.empty(pixels.shape, dtype=kind, device=self.device)
            for start in range(0, len(pixels), IMAGES_AT_ONCE):
                part = slice(start, start + IMAGES_AT_ONCE)
                self.images[part].copy_(torch.from_numpy(np.array(pixels[part])))
            self.file = file
        return self.images

    def cut(self, params, images):
        plan = params["plan"]
        order = self.load(np.fromfile(plan["order"], np.uint32).astype(np.int64))
        flips = self.load(np.fromfile(plan["flips"], np.uint8)).bool()
        labels = self.load(read_labels(params["labels"])).long()
        masks = {
            name: self.load(np.fromfile(path, np.uint8)).reshape(len(order), -1)
            for name, path in plan["masks"].items()
        }
        size = plan["batchSize"]
        for first in range(0, len(order), size * BATCHES_AT_ONCE):
            chosen = order[first : first + size * BATCHES_AT_ONCE]
            pixels, classes, mirrored = images[chosen], labels[chosen], flips[chosen]
            if pixels.dim() == 4 and pixels.dtype == torch.uint8:
                pixels = torch.where(mirrored[:, None, None, None], pixels.flip(2), pixels)
            for start in range(0, len(chosen), size):
                part = slice(start, start + size)
                among = slice(first + start, first + start + len(chosen[part]))
                kept = {name: mask[among] for name, mask in masks.items()}
                yield Batch(pixels[part], classes[part], kept)

    def load(self, array):
        return torch.from_numpy(array).to(self.device)


def identity(source, pixels):
    """Of a file as it is now: it may be written anew under its name."""
    status = os.stat(source["path"])
    return source["path"], source["offset"], pixels.shape, status.st_ino, status.st_mtime_ns


def pinned(batch):
    """In memory that the GPU copies from while the program goes on."""
    masks = {name: torch.from_numpy(mask).pin_memory() for name, mask in batch.masks.items()}
    pixels, labels = (torch.from_numpy(part).pin_memory() for part in (batch.pixels, batch.labels))
    return Batch(pixels, labels, masks)
