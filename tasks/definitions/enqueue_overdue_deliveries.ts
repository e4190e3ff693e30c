import { timed } from "../timed.ts";

/** Deliveries that the queue lost are queued again. FND-14. */
export default timed({ at: "* * * * *" }, "select app_private.enqueue_overdue_deliveries()");
