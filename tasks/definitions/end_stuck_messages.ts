import { timed } from "../timed.ts";

/** Messages that nobody will send any more end, and those that the queue lost are queued again. FND-15. */
export default timed({ at: "* * * * *" }, "select app_private.end_stuck_messages()");
