import type Docker from 'dockerode';
import type { EngineAddress } from './engine-address.js';

/** Every key is there, if without a value: docker-modem would take what is not from DOCKER_HOST and its like. */
export function dockerodeOptions(address: EngineAddress): Docker.DockerOptions {
  const { socketPath, protocol, host, port, username, certificates, sshAgent } = address;
  const options = {
    socketPath,
    protocol: protocol ?? 'http',
    host,
    port,
    username,
    pathPrefix: '/',
    ca: certificates?.ca,
    cert: certificates?.cert,
    key: certificates?.key,
    sshOptions: { agent: sshAgent },
  };
  return options as Docker.DockerOptions;
}
