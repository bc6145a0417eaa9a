// The module of an engine's thread, beside emix-worker.ts, so that both are found in the same way (thread-modules.ts).
import "./engine/thread/engine-thread.ts";
