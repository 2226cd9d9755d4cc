# An image that grades, with the tool and the course's package and nothing of solutions/: the course is mounted. docs/containers.md says how.
FROM python:3.13-slim

WORKDIR /opt/lifelong
COPY install-system.sh ./
RUN bash install-system.sh && rm -rf /var/lib/apt/lists/*

# The address of PyTorch's wheels for processors alone, which its page "Start Locally" gives for pip and CPU. Without it
# come those with CUDA's libraries, some gigabytes more, which grading never uses.
ARG TORCH_INDEX=""
# hadolint ignore=DL3013
RUN pip install --no-cache-dir ${TORCH_INDEX:+--index-url "$TORCH_INDEX"} torch torchvision

COPY pyproject.toml README.md LICENSE ./
COPY LICENSES LICENSES
COPY lifelong lifelong
COPY autograder autograder
# hadolint ignore=DL3013
RUN pip install --no-cache-dir ".[course]"

# Whoever it is that --user names, even one without a name, may write there.
ENV HOME=/tmp USER=instructor
WORKDIR /course
CMD ["autograder", "doctor"]
