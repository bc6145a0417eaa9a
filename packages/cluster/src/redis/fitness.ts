import { redisUnfit } from "../errors.ts";

const LEAST_MAJOR = 6;
const LEAST_MINOR = 2;

/** Whether a Redis keeps what it is given. in: info, as its command INFO gives it. @throws CLUSTER_REDIS */
export function requireFit(info: string): void {
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(info)?.[1] ?? "";
  const version = field("redis_version");
  const [major, minor] = version.split(".").map(Number);
  if (!(major > LEAST_MAJOR || (major === LEAST_MAJOR && minor >= LEAST_MINOR))) {
    throw redisUnfit(
      `Redis ${LEAST_MAJOR}.${LEAST_MINOR} or newer`,
      `version ${version}`,
      "use a newer one, or Valkey",
    );
  }
  const policy = field("maxmemory_policy");
  if (policy !== "noeviction") {
    throw redisUnfit(
      "a Redis with maxmemory-policy noeviction",
      policy,
      "set it with `CONFIG SET maxmemory-policy noeviction`, for jobs and sums must not be thrown out",
    );
  }
}

export function unreachable(url: string, error: unknown): Error {
  const { host } = URL.canParse(url) ? new URL(url) : { host: url };
  const reason = error instanceof Error ? error.message : String(error);
  return redisUnfit(`a Redis at ${host}`, `"${reason}"`, "check the URL, the password and that it runs", error);
}
