import { timed } from "../timed.ts";

/** Each clinic's object store is searched for what no file names. FND-13. */
export default timed({ at: "41 2 * * *", attempts: 5 }, "select app_private.enqueue_object_sweeps()");
