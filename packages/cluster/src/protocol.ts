import type {
  Arithmetic,
  CovarianceType,
  Dtype,
  GaussianMixture,
  KernelKind,
  PlainError,
  Quantity,
  Transform,
} from "@emix/core";
import type { FileOptions, TextDialect } from "@emix/io";

// What a fit and its workers say to each other. A change of anything here, or of the bits that a worker computes, needs
// another number.

export const PROTOCOL = 6;

export const KINDS = [
  "describe",
  "survey",
  "sums",
  "slots",
  "evaluate",
  "gather",
  "weights",
  "volumes",
  "predict",
] as const;

/**
 * What a worker can be asked:
 * describe: files → what is in them; survey: files [first, end) → their sizes and checksums;
 * sums and slots: a pass over blocks [first, end) → sums of nodes of the tree, or every slot;
 * evaluate, weights and volumes: tiles [first, end) → quantities, weights or log |dz/dx| of every point; gather: some points → their coordinates;
 * predict: files [first, end) → files of their rows' components, which the worker writes.
 */
export type TaskKind = (typeof KINDS)[number];

/** A job of BullMQ: what is asked, about which range, the key of the request, and where the reply is to go. */
export interface Task extends Address {
  readonly protocol: number;
  readonly kind: TaskKind;
  readonly request: string;
  readonly first: number;
  readonly end: number;
}

/** Where a reply goes: the list of whoever asked, and the number that it is known by there. */
export interface Address {
  readonly reply: string;
  readonly id: number;
}

/** What a worker says of a job: that it is done and how long it took, or what went wrong. */
export type Answer =
  | { readonly ok: true; readonly worker: string; readonly milliseconds: number }
  | { readonly ok: false; readonly error: PlainError };

/** What goes to whoever asked. */
export interface Reply {
  readonly id: number;
  readonly answer: Answer;
  /** present if the answer is ok */
  readonly result?: unknown;
}

/** The options of files that workers take. No SELECT of the caller is among them. */
export type ReadOptions = Omit<FileOptions, "limit" | "like" | "query" | "signal" | "onProgress">;

/** Their names. */
export const READ_OPTIONS: readonly (keyof ReadOptions)[] = [
  ...(["format", "columns", "weightColumn", "missing", "dtype", "sql", "array", "memoryLimit"] as const),
  ...(["delimiter", "decimal", "thousands", "header", "na", "comment", "skip"] as const),
];

/** Asks for files: paths or patterns below the root of the workers. */
export interface FilesRequest {
  readonly paths: readonly string[];
  readonly read: ReadOptions;
  /** how a text of the same kind was read: taken as if it were given where it explains all files, else not at all */
  readonly like?: TextDialect;
}

/** What is in some files together. */
export interface FilesDescription {
  /** below the root */
  readonly paths: readonly string[];
  /** as `FileOptions.columns` takes them */
  readonly columns: readonly string[];
  readonly features: number;
  readonly dtype: Dtype;
  readonly weighted: boolean;
  /** whether `like` of the request holds for them */
  readonly alike: boolean;
}

/** A file as it was when the fit began. */
export interface PlannedFile {
  readonly path: string;
  readonly bytes: number;
  /** SHA-256, hexadecimal */
  readonly checksum: string;
  readonly rows: number;
  /** rows that were kept */
  readonly points: number;
}

/** What a survey finds besides. */
export interface SurveyedFile extends PlannedFile {
  /** d: max |x| of points of positive weight */
  readonly largest: Float64Array;
  /** Σ w */
  readonly weight: number;
}

/** Which points a fit is about: those of the files in order, numbered from 0. It never changes. */
export interface Plan {
  readonly id: string;
  readonly files: readonly PlannedFile[];
  readonly read: ReadOptions;
  readonly count: number;
  readonly features: number;
  readonly dtype: Dtype;
  readonly weighted: boolean;
  /** what happens to the features once the points are in order; null: nothing */
  readonly transforms: readonly Transform[] | null;
}

export interface ProgramRequest {
  readonly kind: KernelKind;
  readonly components: number;
  readonly covarianceType: CovarianceType;
  readonly arithmetic: Arithmetic;
  readonly strict: boolean;
  /** whether the processor where the fit runs fuses multiply and add; the bits of kernels that are not strict depend on it */
  readonly fuses: boolean;
}

/** A pass over blocks, whose slots are added or told. */
export interface BlocksRequest {
  readonly plan: Plan;
  readonly tilesInBlock: number;
  /** how many blocks all points have */
  readonly blocks: number;
  readonly parameters: Float64Array;
  /** null: moments */
  readonly program: ProgramRequest | null;
  readonly measured: boolean;
  /** whether all points belong to the only component; the parameters then are the measure alone */
  readonly labelled: boolean;
  /** what a worker needs to keep lists of pairs that are known to be 0; null: it keeps none */
  readonly listing: ListingRequest | null;
}

/** As `Listing` of a pass. */
export interface ListingRequest {
  /** names the run of EM */
  readonly run: string;
  readonly inflations: Float64Array;
  readonly unit: number;
  readonly scales: Float64Array;
  readonly wider: readonly number[] | null;
}

export interface EvaluateRequest {
  readonly plan: Plan;
  readonly program: ProgramRequest;
  readonly parameters: Float64Array;
  readonly quantities: readonly Quantity[];
  /** how many components `topComponents` has for each point */
  readonly top: number;
  /** as in `EvaluationPass` */
  readonly stands?: Float64Array;
}

export interface GatherRequest {
  readonly plan: Plan;
  /** indices of points; a task takes some of them */
  readonly points: Float64Array;
}

/** Asks for a number of every point of some tiles. */
export interface NumbersRequest {
  readonly plan: Plan;
}

/** Asks for the components of the rows of files. */
export interface PredictRequest {
  readonly plan: Plan;
  readonly mixture: GaussianMixture;
  /** path of the outputs, below the folder of the worker, with a * for the path of the file */
  readonly output: string;
  /** how many components of a row are written */
  readonly top: number;
  /** whether the probabilities of all are */
  readonly proba: boolean;
}

/** A file that a worker wrote. */
export interface PredictedFile {
  /** below the workers' folder of outputs */
  readonly path: string;
  readonly rows: number;
  /** rows without a number in every feature, whose cells are empty */
  readonly dropped: number;
}

/** Sums of nodes of the tree of blocks, one after the other. */
export interface SumsReply {
  readonly nodes: readonly { readonly first: number; readonly end: number }[];
  /** nodes × slot */
  readonly sums: Float64Array;
  readonly errors: Float64Array;
}
