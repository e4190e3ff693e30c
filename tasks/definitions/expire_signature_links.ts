import { timed } from "../timed.ts";

/** Links and kiosks whose time is over end, and the chain of their form says so. CNS-05, CNS-06. */
export default timed({ at: "* * * * *" }, "select app_private.expire_signature_links()");
