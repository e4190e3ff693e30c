import type { SegmentsOfClinicQuery } from "../../documents/generated/operations.ts";

/** A segment as the page lists and edits it. */
export type Segment = SegmentsOfClinicQuery["segments"]["nodes"][number];
