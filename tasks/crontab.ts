/**
 * What happens by the clock, in UTC. However many workers there are, each tick runs once. The job key keeps
 * ticks from piling up behind a slow one, and what a tick missed the next one does, so nothing is backfilled.
 */
export const crontab = `
* * * * * expire_booking_requests ?jobKey=expire_booking_requests&max=1
* * * * * release_expired_claims ?jobKey=release_expired_claims&max=1
* * * * * advance_appointments ?jobKey=advance_appointments&max=1
*/10 * * * * act_on_retentions ?jobKey=act_on_retentions&max=1
*/10 * * * * forget_spent_allowances ?jobKey=forget_spent_allowances&max=1
* * * * * enqueue_overdue_deliveries ?jobKey=enqueue_overdue_deliveries&max=1
* * * * * end_stuck_messages ?jobKey=end_stuck_messages&max=1
*/5 * * * * go_on_with_key_rotation ?jobKey=go_on_with_key_rotation&max=1
7 * * * * anchor_audit_heads ?jobKey=anchor_audit_heads&max=8
20 3 * * * open_audit_months ?jobKey=open_audit_months&max=8
17 * * * * sweep_uploads ?jobKey=sweep_uploads&max=5
41 2 * * * enqueue_object_sweeps ?jobKey=enqueue_object_sweeps&max=5
`;
