/** Notifications of Graph, from the configuration to the connector. */
import type { Config } from '../../config/config.ts';
import { keepSecret } from '../../config/keep-secret.ts';
import type { TeamsOptions } from '../../connectors/teams/options.ts';
import type { PushOptions } from '../../connectors/teams/push/options.ts';

/** `now`: the configuration as it stands, so that what seals notifications can be changed. */
export function pushOf(
  { push }: Config['teams'],
  now: () => Config | undefined,
): Pick<TeamsOptions, 'push'> {
  if (push === undefined) return {};
  const options: PushOptions = {
    url: push.url,
    // The schema takes it only where it cannot leave the machine.
    plainHttp: push.url.startsWith('http:'),
    subscribers: push.subscribers.map(({ name, tokenFile, read }) => ({
      name,
      refreshToken: () => {
        const found = read();
        return found.ok ? found.value.trim() : undefined;
      },
      keep: (token) => keepSecret(tokenFile, token),
    })),
    content: () => {
      const content = now()?.teams.push?.content ?? push.content;
      if (content === undefined) return undefined;
      return { certificate: content.certificate, privateKey: content.privateKey.reveal() };
    },
  };
  return { push: options };
}
