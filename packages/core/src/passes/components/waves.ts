/** Work on components of fewer flops is done here, before it could be handed over. */
export const SMALL_COMPONENTS_WORK: number = 2 ** 22;

/** What threads find of components, or are told of them, takes about so much at a time. */
export const WAVE_BYTES: number = 4 * 2 ** 20;
