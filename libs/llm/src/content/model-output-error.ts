/** What a model wrote cannot be used. It tells nothing about the health of its provider: a user can ask a model to write it. */
export class ModelOutputError extends Error {}
