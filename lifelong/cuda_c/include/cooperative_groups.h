// Of CUDA's cooperative groups: a block, and the tiles of a warp.
#pragma once

#include "cuda_on_cpu.h"

namespace cooperative_groups {

struct thread_block {
    LIFELONG_OWN static void sync(int line = __builtin_LINE()) { lifelong::barrier(line); }
    LIFELONG_OWN static unsigned thread_rank() { return lifelong::rank(); }
    LIFELONG_OWN static unsigned size() { return blockDim.x * blockDim.y * blockDim.z; }
    LIFELONG_OWN static unsigned num_threads() { return size(); }
    LIFELONG_OWN static uint3 thread_index() { return threadIdx; }
    LIFELONG_OWN static uint3 group_index() { return blockIdx; }
    LIFELONG_OWN static dim3 group_dim() { return blockDim; }
    LIFELONG_OWN static dim3 dim_threads() { return blockDim; }
};

LIFELONG_OWN inline thread_block this_thread_block() { return {}; }

template <unsigned Size> struct thread_block_tile {
    static_assert(Size && Size <= 32 && (Size & (Size - 1)) == 0, "a tile has 1, 2, 4, 8, 16 or 32 threads");
    LIFELONG_OWN static unsigned thread_rank() { return lifelong::rank() % Size; }
    LIFELONG_OWN static unsigned meta_group_rank() { return lifelong::rank() / Size; }
    LIFELONG_OWN static unsigned size() { return Size; }
    LIFELONG_OWN static unsigned num_threads() { return Size; }
    LIFELONG_OWN static unsigned first() { return lifelong::rank() % 32 / Size * Size; }
    LIFELONG_OWN static unsigned mask() { return (Size == 32 ? ~0u : (1u << Size % 32) - 1) << first(); }
    LIFELONG_OWN static void sync(int line = __builtin_LINE()) { lifelong::exchange(line, mask(), 0); }
    template <class T> LIFELONG_OWN static T shfl(T value, int from, int line = __builtin_LINE()) {
        return lifelong::shuffle(line, mask(), value, from, Size);
    }
    template <class T> LIFELONG_OWN static T shfl_down(T value, unsigned by, int line = __builtin_LINE()) {
        return lifelong::shuffle_down(line, mask(), value, by, Size);
    }
    template <class T> LIFELONG_OWN static T shfl_up(T value, unsigned by, int line = __builtin_LINE()) {
        return lifelong::shuffle_up(line, mask(), value, by, Size);
    }
    template <class T> LIFELONG_OWN static T shfl_xor(T value, int with, int line = __builtin_LINE()) {
        return lifelong::shuffle_xor(line, mask(), value, with, Size);
    }
    LIFELONG_OWN static unsigned ballot(int holds, int line = __builtin_LINE()) {
        return lifelong::ballot(line, mask(), holds) >> first();
    }
    LIFELONG_OWN static bool any(int holds, int line = __builtin_LINE()) { return ballot(holds, line) != 0; }
    LIFELONG_OWN static bool all(int holds, int line = __builtin_LINE()) { return ballot(!holds, line) == 0; }
};

template <unsigned Size> LIFELONG_OWN thread_block_tile<Size> tiled_partition(const thread_block &) { return {}; }

template <class Group> LIFELONG_OWN void sync(const Group &, int line = __builtin_LINE()) { Group::sync(line); }

} // namespace cooperative_groups
