"""A variational autoencoder (Kingma and Welling 2014): draws images like those that it has been shown."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class VAE(nn.Module):
    """An encoder from images to a cloud of codes, and a decoder from codes to images.

    Args:
        pixels: D.
        hidden: units of the one hidden layer on either side.
        latent: numbers of a code.
    """

    def __init__(self, pixels: int = 784, hidden: int = 400, latent: int = 32) -> None:
        super().__init__()
        self.latent = latent
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, 2 * latent))
        self.decoder = nn.Sequential(nn.Linear(latent, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def loss(self, images: Tensor) -> Tensor:
        """The negative evidence lower bound, a mean over the batch: how badly images are restored from a code drawn
        for each, and how far the clouds of codes lie from a standard normal one.

        Args:
            images: [B, D] float in [0, 1].
        """
        mean, spread = self.encoder(images).float().chunk(2, dim=1)  # spread: the logarithm of the variance
        codes = mean + torch.randn_like(mean) * (spread / 2).exp()
        restored = F.binary_cross_entropy_with_logits(self.decoder(codes).float(), images, reduction="sum")
        divergence = (mean.square() + spread.exp() - spread - 1).sum() / 2
        bound: Tensor = (restored + divergence) / len(images)
        return bound

    @torch.no_grad()
    def sample(self, count: int) -> Tensor:
        """New images [count, D] float32 in [0, 1], decoded from codes drawn by torch's global generator."""
        codes = torch.randn(count, self.latent, device=next(self.parameters()).device)
        images: Tensor = self.decoder(codes).float().sigmoid()
        return images
