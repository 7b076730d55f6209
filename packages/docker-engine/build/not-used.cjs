// Stands in, at build time, for what dockerode loads at once and keepset never calls; see tsup.config.ts.
module.exports = {};
