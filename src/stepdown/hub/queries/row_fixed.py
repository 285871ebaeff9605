# ruff: noqa: S608  names of ours alone are written into SQL
"""What of the second wall hangs on no rule: who is asking, and books that are only added to."""

# No role is called so: PostgreSQL makes new tables in a schema of the name of whoever makes them.
SCHEMA = "stepdown_wall"
PATH = "SET search_path = pg_catalog, public, pg_temp"
# A statement is planned once for each connection, not for each of its first rows.
PLAN = "SET plan_cache_mode = force_generic_plan"

CONTEXT = f"""
CREATE FUNCTION {SCHEMA}.context() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED {PATH} AS $body$
DECLARE
  said text := current_setting('stepdown.context', true);
  words text := substr(said, 66);
  pads {SCHEMA}.context_key%ROWTYPE;
  claims jsonb;
BEGIN
  IF said IS NULL OR length(said) < 67 THEN RETURN NULL; END IF;
  SELECT * INTO pads FROM {SCHEMA}.context_key;
  IF NOT FOUND OR left(said, 65) <>
    encode(sha256(pads.outside || sha256(pads.inside || convert_to(words, 'UTF8'))), 'hex') || '.'
  THEN RETURN NULL; END IF;
  claims := words::jsonb;
  IF (claims->>'process')::int = pg_backend_pid()
    AND claims->>'began' = extract(epoch FROM transaction_timestamp())::text
    AND (claims->>'until')::numeric > extract(epoch FROM clock_timestamp())
  THEN RETURN claims; END IF;
  RETURN NULL;
END $body$;

CREATE FUNCTION {SCHEMA}.is_hub() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL RESTRICTED {PATH} AS $body$
  SELECT coalesce(({SCHEMA}.context()->>'hub')::boolean, false)
$body$;

-- Not in SQL's own language, which would plan it anew, and read the context for each grant.
CREATE FUNCTION {SCHEMA}.grants() RETURNS TABLE(
  role text, agency uuid, districts text[], account uuid, person uuid, today date,
  moment timestamptz, opened uuid[])
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED {PATH} AS $body$
#variable_conflict use_column
DECLARE
  said jsonb := {SCHEMA}.context();
BEGIN
  RETURN QUERY SELECT held.role, held.agency, held.districts, (said->>'user')::uuid,
    (said->>'person')::uuid, (said->>'today')::date, (said->>'now')::timestamptz,
    ARRAY(SELECT jsonb_array_elements_text(said->'opened')::uuid)
  FROM jsonb_to_recordset(said->'grants') AS held(role text, agency uuid, districts text[]);
END $body$;
"""

# A line of the books gets its number once. A seal never changes.
ONCE = f"""
CREATE FUNCTION {SCHEMA}.numbered_once() RETURNS trigger
LANGUAGE plpgsql {PATH} AS $body$
BEGIN
  IF TG_ARGV[0] = 'never' OR OLD.seq IS NOT NULL THEN
    RAISE EXCEPTION 'The ledger is only added to.' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $body$;
"""


# What is only added to goes by lawful disposal alone, in a transaction that leaves a tombstone. It
# is asked when that ends, whichever of the two came first. The owner's commands need none.
BURIED = f"""
CREATE TABLE {SCHEMA}.tombstones (made_in xid8 PRIMARY KEY);

CREATE FUNCTION {SCHEMA}.tombstone() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER {PATH} AS $body$
BEGIN
  INSERT INTO {SCHEMA}.tombstones VALUES (pg_current_xact_id()) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $body$;

CREATE FUNCTION {SCHEMA}.buried() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER {PATH} AS $body$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM {SCHEMA}.tombstones WHERE made_in = pg_current_xact_id()) THEN
    RAISE EXCEPTION 'The ledger is only added to, but for disposal that leaves a tombstone.'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NULL;
END $body$;
"""
