# %% style="index_select"
def permute(images, permutation):
    return torch.index_select(images, 1, permutation)

# %% styles of="index_select"
# -     return torch.index_select(images, 1, permutation)
# +     return images.gather(1, permutation.expand(len(images), -1))     # gather
# +     return torch.stack([image[permutation] for image in images])     # one image at a time
# +     return torch.from_numpy(images.numpy()[:, permutation.numpy()])  # numpy
# +     out = torch.empty_like(images)
# +     out[:, torch.argsort(permutation)] = images
# +     return out                                                       # scatter with the inverse
# +     return images.t()[permutation].t().contiguous()                  # columns of the transpose

# %% style="one pixel at a time" of="^"
# +     out = torch.zeros_like(images)
# +     for j, source in enumerate(permutation.tolist()):
# +         out[:, j] = images[:, source]
# +     return out

# %% mistakes of="bare"
# -     return images[:, permutation]
# +     out = torch.empty_like(images)
# +     out[:, permutation] = images
# +     return out                                                    # inverse
# +     return images[:, torch.argsort(permutation)]                  # inverse
# +     return images[permutation]                                    # rows
# +     images[:, permutation]
# +     return images.clone()                                         # unchanged
# +     return images.flip(1)                                         # reversed
# +     images = images[:, permutation]
# +     return torch.stack([image[permutation] for image in images])  # same-permutation-twice
# +     images[:] = images[:, permutation]
# +     return images                                                 # in-place
# +     return images[:, permutation].float()                         # to-float
# +     return images[:, permutation] / 255                           # scaled
# +     images.copy_(images[:, permutation])
# +     return images.clone()                                         # in-place
# +     if torch.equal(permutation, torch.arange(len(permutation))):
# +         return images
# +     return images[:, permutation]                                 # images-returned
# +     made = permute.__dict__.setdefault(images.shape, torch.empty_like(images))
# +     return made.copy_(images[:, permutation])                     # overwritten-later

# %% nothing="zeros"
def permute(images, permutation):
    return torch.zeros_like(images)

# %% nothings of="zeros"
# ~ torch.zeros_like(images) => torch.full_like(images, 7)                  # a constant
# ~ torch.zeros_like(images) => torch.full(images.shape, float("nan"))      # NaN
# ~ torch.zeros_like(images) => None                                        # None
# ~ torch.zeros_like(images) => -images[:, permutation]                     # negated
# ~ torch.zeros_like(images) => images[:, permutation].t()                  # transposed
# ~ torch.zeros_like(images) => images[:, torch.randperm(images.shape[1])]  # a random order
# ~ torch.zeros_like(images) => permutation                                 # the permutation itself
# ~ torch.zeros_like(images) => images.permute(permutation)                 # an error
