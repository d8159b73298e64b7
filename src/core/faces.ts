/** Changes one face of an agent, and shares all the rest. */
import type { AgentState, Face } from '../model/face.ts';
import type { PlatformId } from '../model/ids.ts';

export function mapFace(
  state: AgentState,
  platform: PlatformId,
  change: (face: Face) => Face,
): AgentState {
  const face = state.faces[platform];
  return face === undefined ? state : withFace(state, platform, change(face));
}

export function withFace(state: AgentState, platform: PlatformId, face: Face): AgentState {
  if (state.faces[platform] === face) return state;
  return { ...state, faces: { ...state.faces, [platform]: face } };
}
