import "../../packages/workers/src/engine/thread/engine-thread.ts";

// A real engine thread that ends in the middle of its work.
setTimeout(() => process.exit(7), 300);
