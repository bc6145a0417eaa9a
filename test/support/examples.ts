import fc from "fast-check";

// Every run of the tests tries the same examples, unless LAWS_SEED asks for others; a failure can then be repeated.
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.LAWS_SEED ?? 20_260_401) });
