const { App, TerraformStack } = require("cdktf");

// What any cdktf app costs that does nothing: the base line of a synth.
const app = new App();
new TerraformStack(app, "empty");
app.synth();
