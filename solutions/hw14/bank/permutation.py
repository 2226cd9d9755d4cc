# %% style="index_select"
def permute(images, permutation):
    return torch.index_select(images, 1, permutation)

# %% style="gather"
def permute(images, permutation):
    return images.gather(1, permutation.expand(len(images), -1))

# %% style="one pixel at a time"
def permute(images, permutation):
    out = torch.zeros_like(images)
    for j, source in enumerate(permutation.tolist()):
        out[:, j] = images[:, source]
    return out

# %% style="one image at a time"
def permute(images, permutation):
    return torch.stack([image[permutation] for image in images])

# %% style="numpy"
def permute(images, permutation):
    return torch.from_numpy(images.numpy()[:, permutation.numpy()])

# %% style="scatter with the inverse"
def permute(images, permutation):
    out = torch.empty_like(images)
    out[:, torch.argsort(permutation)] = images
    return out

# %% style="columns of the transpose"
def permute(images, permutation):
    return images.t()[permutation].t().contiguous()

# %% mistake="inverse" of="scatter with the inverse"
# -     out[:, torch.argsort(permutation)] = images
# +     out[:, permutation] = images

# %% mistake="inverse"
def permute(images, permutation):
    return images[:, torch.argsort(permutation)]

# %% mistake="rows"
def permute(images, permutation):
    return images[permutation]

# %% mistake="unchanged"
def permute(images, permutation):
    images[:, permutation]
    return images.clone()

# %% mistake="reversed"
def permute(images, permutation):
    return images.flip(1)

# %% mistake="same-permutation-twice"
def permute(images, permutation):
    images = images[:, permutation]
    return torch.stack([image[permutation] for image in images])

# %% mistake="in-place"
def permute(images, permutation):
    images[:] = images[:, permutation]
    return images

# %% mistake="in-place" of="unchanged"
# -     images[:, permutation]
# +     images.copy_(images[:, permutation])

# %% mistake="to-float"
def permute(images, permutation):
    return images[:, permutation].float()

# %% mistake="scaled"
def permute(images, permutation):
    return images[:, permutation] / 255

# %% nothing="zeros"
def permute(images, permutation):
    return torch.zeros_like(images)

# %% nothing="a constant"
def permute(images, permutation):
    return torch.full_like(images, 7)

# %% nothing="NaN"
def permute(images, permutation):
    return torch.full(images.shape, float("nan"))

# %% nothing="None"
def permute(images, permutation):
    return None

# %% nothing="negated"
def permute(images, permutation):
    return -images[:, permutation]

# %% nothing="transposed"
def permute(images, permutation):
    return images[:, permutation].t()

# %% nothing="a random order"
def permute(images, permutation):
    return images[:, torch.randperm(images.shape[1])]

# %% nothing="the permutation itself"
def permute(images, permutation):
    return permutation

# %% nothing="an error"
def permute(images, permutation):
    return images.permute(permutation)
