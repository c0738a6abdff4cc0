/* What a fuzz target exports to libFuzzer (https://llvm.org/docs/LibFuzzer.html). A broken promise is a trap. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PROMISE(claim) ((claim) ? (void)0 : __builtin_trap())

#endif
