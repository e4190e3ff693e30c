/** Why a document cannot be rendered: for good, since the same input would fail again. */
export type Rejection =
  | "input_not_valid"
  | "too_long"
  | "too_complex"
  | "picture_missing"
  | "picture_changed"
  | "picture_not_readable"
  | "chrome_too_tall"
  | "condition_unknown";

export class RenderingRefused extends Error {
  override name = "RenderingRefused";
  readonly reason: Rejection;

  /** The detail names places of the input, never what stands there. */
  constructor(reason: Rejection, detail = "") {
    super(detail ? `${reason}: ${detail}` : reason);
    this.reason = reason;
  }
}
