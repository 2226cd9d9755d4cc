# %% style="index_select"
def permute(images, permutation):
    return torch.index_select(images, 1, permutation)

# %% style="gather" of="index_select"
# -     return torch.index_select(images, 1, permutation)
# +     return images.gather(1, permutation.expand(len(images), -1))

# %% style="one pixel at a time" of="^"
# +     out = torch.zeros_like(images)
# +     for j, source in enumerate(permutation.tolist()):
# +         out[:, j] = images[:, source]
# +     return out

# %% style="one image at a time" of="^"
# +     return torch.stack([image[permutation] for image in images])

# %% style="numpy" of="^"
# +     return torch.from_numpy(images.numpy()[:, permutation.numpy()])

# %% style="scatter with the inverse" of="^"
# +     out = torch.empty_like(images)
# +     out[:, torch.argsort(permutation)] = images
# +     return out

# %% style="columns of the transpose" of="^"
# +     return images.t()[permutation].t().contiguous()

# %% mistake="inverse" of="scatter with the inverse"
# -     out[:, torch.argsort(permutation)] = images
# +     out[:, permutation] = images

# %% mistake="inverse"
def permute(images, permutation):
    return images[:, torch.argsort(permutation)]

# %% mistake="rows"
def permute(images, permutation):
    return images[permutation]

# %% mistake="unchanged" of="rows"
# -     return images[permutation]
# +     images[:, permutation]
# +     return images.clone()

# %% mistake="reversed" of="^"
# +     return images.flip(1)

# %% mistake="same-permutation-twice" of="^"
# +     images = images[:, permutation]
# +     return torch.stack([image[permutation] for image in images])

# %% mistake="in-place" of="^"
# +     images[:] = images[:, permutation]
# +     return images

# %% mistake="to-float" of="^"
# +     return images[:, permutation].float()

# %% mistake="scaled" of="^"
# +     return images[:, permutation] / 255

# %% mistake="in-place" of="unchanged"
# -     images[:, permutation]
# +     images.copy_(images[:, permutation])

# %% nothing="zeros"
def permute(images, permutation):
    return torch.zeros_like(images)

# %% nothing="a constant" of="zeros"
# -     return torch.zeros_like(images)
# +     return torch.full_like(images, 7)

# %% nothing="NaN" of="^"
# +     return torch.full(images.shape, float("nan"))

# %% nothing="None" of="^"
# +     return None

# %% nothing="negated" of="^"
# +     return -images[:, permutation]

# %% nothing="transposed" of="^"
# +     return images[:, permutation].t()

# %% nothing="a random order" of="^"
# +     return images[:, torch.randperm(images.shape[1])]

# %% nothing="the permutation itself" of="^"
# +     return permutation

# %% nothing="an error" of="^"
# +     return images.permute(permutation)
