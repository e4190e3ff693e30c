-- What read_phone found wrong, as a refusal that says what to do. FND-07, FND-29.

create or replace function app_hidden.refuse_phone(problem text, field text) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_details jsonb := jsonb_build_object('field', field);
begin
  case problem
    when 'too_short' then
      perform app_hidden.refuse('VALIDATION', 'too_short', v_details, 'The telephone number has too few digits for its country.');
    when 'too_long' then
      perform app_hidden.refuse('VALIDATION', 'too_long', v_details, 'The telephone number has too many digits for its country.');
    when 'wrong_length' then
      perform app_hidden.refuse('VALIDATION', 'wrong_length', v_details, 'No telephone number of this country has so many digits.');
    when 'not_in_use' then
      perform app_hidden.refuse('VALIDATION', 'not_in_use', v_details, 'No telephone number of this country looks like this. Look at its first digits.');
    when 'unknown_country' then
      perform app_hidden.refuse('VALIDATION', 'unknown_country', v_details,
        'Begin the telephone number with + and the calling code of its country, such as +40.');
    else
      perform app_hidden.refuse('VALIDATION', 'not_a_number', v_details,
        'Write one telephone number, such as 0722 123 456 or +40 722 123 456, and nothing beside it.');
  end case;
end;
$$;

comment on function app_hidden.refuse_phone is 'Refuses a telephone number with the problem that read_phone named.';
grant execute on function app_hidden.refuse_phone to app_engine;
