/** Why bytes are not taken; the same words as in files_rejection_is_known, and the text of file_rejected helps with each. */
export type Rejection =
  | "type_mismatch"
  | "second_type"
  | "malformed"
  | "truncated"
  | "heic"
  | "encrypted"
  | "scripts"
  | "launches"
  | "attachments"
  | "submits"
  | "media"
  | "dynamic_form"
  | "inflates_too_far"
  | "too_many_pixels"
  | "too_complex"
  | "size_mismatch"
  | "digest_mismatch";

/** How a type is told and read. */
export type Format = {
  /** Where a file of this type begins in these bytes, -1 when it is none. Zero, but for what readers skip. */
  begins(bytes: Buffer): number;
  /** Reads the structure to its end; null when it is whole and holds nothing that is not taken. */
  read(bytes: Buffer): Rejection | null | Promise<Rejection | null>;
};
