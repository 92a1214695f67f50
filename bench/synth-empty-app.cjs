const { App, TerraformStack } = require("cdktf");

// The baseline of a synth: a cdktf app that does nothing.
const app = new App();
new TerraformStack(app, "empty");
app.synth();
