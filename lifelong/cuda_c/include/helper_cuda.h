// Of the helpers of NVIDIA's samples: what checks calls.
#pragma once

#include "cuda_on_cpu.h"

#define checkCudaErrors(call) lifelong::must_succeed(call, #call, __LINE__)
#define getLastCudaError(text) lifelong::must_succeed(cudaGetLastError(), text, __LINE__)
inline int findCudaDevice(int, const char **) { return 0; }
