// No module: what a person deploys by mistake.
export default async function ( {
