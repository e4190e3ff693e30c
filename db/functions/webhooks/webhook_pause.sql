-- How long after which attempt of a round the next one is made: about three days all in all, a fifth more or less, so that
-- what failed together does not come back together. Null: that was the last. WHK-02.

create or replace function app_private.webhook_pause(step int, chance float8 default random()) returns interval
language sql volatile
set search_path = ''
return (array['5 seconds', '5 minutes', '30 minutes', '2 hours', '5 hours', '10 hours', '14 hours', '20 hours', '24 hours']::interval[])[step]
  * (0.8 + 0.4 * chance);

comment on function app_private.webhook_pause is 'The pause after so many attempts in vain; null after the tenth.';
grant execute on function app_private.webhook_pause to app_engine;
