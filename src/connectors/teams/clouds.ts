/**
 * The Microsoft clouds and their hosts. Pure data.
 * https://learn.microsoft.com/en-us/graph/deployments
 */

export const CLOUD_NAMES = ['global', 'usgov_l4', 'usgov_l5', 'china'] as const;

export type CloudName = (typeof CLOUD_NAMES)[number];

export interface Cloud {
  readonly label: string;
  /** Base URL of the sign-in service, without a trailing slash. */
  readonly login: string;
  /** Base URL of Graph, without a trailing slash and version. */
  readonly graph: string;
  /** False where the schema of Graph has no presence at all. */
  readonly presence: boolean;
}

export const CLOUDS: Readonly<Record<CloudName, Cloud>> = {
  global: {
    label: 'Global and GCC',
    login: 'https://login.microsoftonline.com',
    graph: 'https://graph.microsoft.com',
    presence: true,
  },
  usgov_l4: {
    label: 'US Government L4 (GCC High)',
    login: 'https://login.microsoftonline.us',
    graph: 'https://graph.microsoft.us',
    presence: true,
  },
  usgov_l5: {
    label: 'US Government L5 (DoD)',
    login: 'https://login.microsoftonline.us',
    graph: 'https://dod-graph.microsoft.us',
    presence: true,
  },
  // https://learn.microsoft.com/en-us/graph/api/presence-setpresence?view=graph-rest-1.0
  china: {
    label: 'China (21Vianet)',
    login: 'https://login.chinacloudapi.cn',
    graph: 'https://microsoftgraph.chinacloudapi.cn',
    presence: false,
  },
};
