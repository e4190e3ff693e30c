/**
 * The one way out (FND-35): whatever calls another machine does it through here. A host is read once, its addresses
 * are looked up once, and the connection goes to the address that was checked; see docs/decisions/0050.
 */
export { NotPublic, type Reach } from "./address.ts";
export { connectTo, type OutboundSettings, outboundAgents } from "./connect.ts";
export { createCutOff } from "./cut_off.ts";
export { isAllowedHost, isThisMachine, readHost } from "./host.ts";
export { type KeptConnections, keptConnections } from "./kept.ts";
export { type ResolveAll, requireReachable } from "./lookup.ts";
export { AnswerTooLong, type OutboundAnswer, request } from "./request.ts";
